import type { Service } from "../operation";
import { describeAlarmHistory } from "./describe-alarm-history";
import { describeAlarms } from "./describe-alarms";
import { describeAlarmsForMetric } from "./describe-alarms-for-metric";
import { getMetricData } from "./get-metric-data";
import { getMetricStatistics } from "./get-metric-statistics";
import { listMetrics } from "./list-metrics";
import { setAlarmState } from "./set-alarm-state";

/** CloudWatch; it speaks all three protocols, and is answered in whatever the request asks in. */
export const cloudWatch: Service = {
  name: "CloudWatch",
  target: "GraniteServiceVersion20100801",
  signingName: "monitoring",
  version: "2010-08-01",
  xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
  operations: [
    describeAlarmHistory,
    describeAlarms,
    describeAlarmsForMetric,
    getMetricData,
    getMetricStatistics,
    listMetrics,
    setAlarmState,
  ],
  inputErrorType: ({ missing }) => (missing ? "MissingRequiredParameterException" : "InvalidParameterValueException"),
  queryErrorCodes: {
    MissingRequiredParameterException: "MissingParameter",
    ValidationException: "ValidationError",
    InvalidFormatFault: "InvalidFormat",
    InternalFailure: "InternalServiceError",
  },
};
