import type { Service } from "../operation";
import { deleteAlarms, describeAlarms, describeAlarmsForMetric, setAlarmState } from "./alarms";
import { describeAlarmHistory } from "./describe-alarm-history";
import { getMetricData } from "./get-metric-data";
import { getMetricStatistics } from "./get-metric-statistics";
import { listMetrics } from "./list-metrics";
import { putMetricAlarm } from "./put-metric-alarm";

/** CloudWatch. It speaks all three protocols, and responds in the protocol of the request. */
export const cloudWatch: Service = {
  name: "CloudWatch",
  target: "GraniteServiceVersion20100801",
  signingName: "monitoring",
  version: "2010-08-01",
  xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
  operations: [
    deleteAlarms,
    describeAlarmHistory,
    describeAlarms,
    describeAlarmsForMetric,
    getMetricData,
    getMetricStatistics,
    listMetrics,
    putMetricAlarm,
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
