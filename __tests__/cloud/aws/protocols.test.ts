import { cbor } from "@smithy/core/cbor";
import { XMLParser } from "fast-xml-parser";
import { cborProtocol } from "../../../scripts/cloud/aws/cbor";
import { START } from "./fake-cloud";
import { serve, type Served } from "./served";

let served: Served;

beforeEach(async () => {
  served = await serve();
});

afterEach(() => served.server.stop());

const SIGNED_FOR_CLOUDWATCH =
  "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-central-1/monitoring/aws4_request, SignedHeaders=host, Signature=0";

describe("CloudWatch over the Query protocol", () => {
  const query = async (parameters: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(served.server.endpoint, {
      method: "POST",
      headers: { authorization: SIGNED_FOR_CLOUDWATCH, ...headers },
      body: new URLSearchParams({ Version: "2010-08-01", ...parameters }),
    });
    const text = await response.text();
    const xml = new XMLParser({ ignoreAttributes: false }).parse(text) as Record<string, never>;
    return { response, text, xml };
  };

  it("answers in XML, with lists of members and ISO times", async () => {
    const { response, xml } = await query({ Action: "DescribeAlarms", "AlarmNames.member.1": "shop-latency-1" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/xml");
    expect(xml).toMatchObject({
      DescribeAlarmsResponse: {
        "@_xmlns": "http://monitoring.amazonaws.com/doc/2010-08-01/",
        DescribeAlarmsResult: {
          MetricAlarms: {
            member: {
              AlarmName: "shop-latency-1",
              Threshold: 1.5,
              StateUpdatedTimestamp: new Date(START + 60_000).toISOString(),
              Dimensions: { member: { Name: "LoadBalancer", Value: "app/shop/1111111111111111" } },
            },
          },
        },
        ResponseMetadata: { RequestId: response.headers.get("x-amzn-requestid") },
      },
    });
  });

  it.each([
    [{ "EvaluationWindow.SlidingWindow": "" }, { type: "sliding" }],
    [{ "EvaluationWindow.WallClockWindow": "" }, { type: "wallClock" }],
    [{ "EvaluationWindow.WallClockWindow.Timezone": "Asia/Tokyo" }, { type: "wallClock", timeZone: "Asia/Tokyo" }],
  ])("takes an alarm with numbers as text and the window %j", async (window, evaluationWindow) => {
    const { response } = await query({
      Action: "PutMetricAlarm",
      AlarmName: "busy",
      Namespace: "AWS/ApplicationELB",
      MetricName: "RequestCount",
      Statistic: "Sum",
      Period: "300",
      EvaluationPeriods: "1",
      Threshold: "1e3",
      ComparisonOperator: "GreaterThanThreshold",
      ...window,
    });
    expect(response.status).toBe(200);
    expect(served.state.putAlarms).toMatchObject([{ threshold: 1000, evaluationWindow }]);
  });

  it("is asked by GET, too, with the parameters in the URL", async () => {
    const asked = new URLSearchParams({ Action: "DescribeAlarms", Version: "2010-08-01", AlarmNamePrefix: "shop-l" });
    const response = await fetch(`${served.server.endpoint}/?${asked.toString()}`);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain("<AlarmName>shop-latency-1</AlarmName>");
    expect(text).not.toContain("shop-target-5xx-1");
  });

  it("understands numbers, times and nested lists written as text", async () => {
    served.state.datapoints = [{ at: START, value: 7, sampleCount: 1 }];
    const { xml } = await query({
      Action: "GetMetricData",
      StartTime: new Date(START).toISOString(),
      EndTime: String((START + 60_000) / 1000),
      "MetricDataQueries.member.1.Id": "m1",
      "MetricDataQueries.member.1.ReturnData": "true",
      "MetricDataQueries.member.1.MetricStat.Period": "60",
      "MetricDataQueries.member.1.MetricStat.Stat": "Sum",
      "MetricDataQueries.member.1.MetricStat.Metric.Namespace": "N",
      "MetricDataQueries.member.1.MetricStat.Metric.MetricName": "M",
      "MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Name": "A",
      "MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value": "1",
    });
    expect(xml).toMatchObject({
      GetMetricDataResponse: { GetMetricDataResult: { MetricDataResults: { member: { Values: { member: 7 } } } } },
    });
    expect(served.state.reads[0]?.query.dimensions).toEqual({ A: "1" });
  });

  it("answers an operation without a result, too", async () => {
    const { response, xml } = await query({
      Action: "SetAlarmState",
      AlarmName: "shop-latency-1",
      StateValue: "ALARM",
      StateReason: "a <try> & more",
    });
    expect(response.status).toBe(200);
    expect(xml).toHaveProperty("SetAlarmStateResponse.ResponseMetadata.RequestId");
    const { text } = await query({ Action: "DescribeAlarms", StateValue: "ALARM" });
    expect(text).toContain("a &lt;try&gt; &amp; more");
  });

  it("names an error by its old code", async () => {
    const { response, xml } = await query({ Action: "GetMetricStatistics", Namespace: "N" });
    expect(response.status).toBe(400);
    expect(xml).toMatchObject({
      ErrorResponse: {
        Error: { Type: "Sender", Code: "MissingParameter" },
        RequestId: response.headers.get("x-amzn-requestid"),
      },
    });
  });

  it("says which action it doesn't serve", async () => {
    const { xml } = await query({ Action: "PutDashboard" });
    expect(xml).toMatchObject({ ErrorResponse: { Error: { Code: "InvalidAction" } } });
    expect(xml).toHaveProperty("ErrorResponse.Error.Message", expect.stringMatching(/PutDashboard of CloudWatch/));
  });

  it("goes by the version when the request is signed for nobody, and by both when it is", async () => {
    const unsigned = await query({ Action: "DescribeAlarms" }, { authorization: "" });
    expect(unsigned.response.status).toBe(200);
    const strange = await query(
      { Action: "DescribeAlarms" },
      { authorization: SIGNED_FOR_CLOUDWATCH.replace("monitoring", "sqs") },
    );
    expect(strange.text).toContain("does not serve the service sqs version 2010-08-01");
  });
});

describe("CloudWatch over Smithy RPC with CBOR", () => {
  const rpc = async (operation: string, body: Uint8Array) => {
    const response = await fetch(
      `${served.server.endpoint}/service/GraniteServiceVersion20100801/operation/${operation}`,
      {
        method: "POST",
        headers: { "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor" },
        body: Buffer.from(body),
      },
    );
    const answer = cbor.deserialize(new Uint8Array(await response.arrayBuffer())) as Record<string, unknown>;
    return { response, answer };
  };

  it("keeps an answer whole while the next one is written", () => {
    const names = { operation: "DescribeAlarms", requestId: "1" };
    const first = cborProtocol.writeOutput({ NextToken: "first" }, names);
    cborProtocol.writeOutput({ NextToken: "other" }, names);
    expect(cbor.deserialize(first.body as Uint8Array)).toEqual({ NextToken: "first" });
  });

  it("answers in CBOR, with tagged times", async () => {
    const { response, answer } = await rpc("DescribeAlarms", cbor.serialize({ AlarmNames: ["shop-latency-1"] }));
    expect(response.status).toBe(200);
    expect(response.headers.get("smithy-protocol")).toBe("rpc-v2-cbor");
    expect(response.headers.get("content-type")).toBe("application/cbor");
    expect(answer).toMatchObject({
      MetricAlarms: [
        {
          AlarmName: "shop-latency-1",
          Threshold: 1.5,
          StateTransitionedTimestamp: { tag: 1, value: START / 1000 },
        },
      ],
    });
  });

  it("understands tagged times", async () => {
    // The encoder knows a tagged value by a symbol; this is `c1 1a <seconds>` by hand: tag 1, 32-bit number.
    const seconds = START / 1000;
    const tagged = (offset: number) => {
      const bytes = Buffer.alloc(6);
      bytes[0] = 0xc1;
      bytes[1] = 0x1a;
      bytes.writeUInt32BE(seconds + offset, 2);
      return bytes;
    };
    const rest = Buffer.from(
      cbor.serialize({ Namespace: "N", MetricName: "M", Period: 60, Statistics: ["Sum"] }),
    ).subarray(1);
    const text = (value: string) => Buffer.from(cbor.serialize(value));
    const body = Buffer.concat([Buffer.from([0xa6]), text("StartTime"), tagged(0), text("EndTime"), tagged(60), rest]);
    served.state.datapoints = [{ at: START, value: 2, sampleCount: 1 }];
    const { answer } = await rpc("GetMetricStatistics", body);
    expect(answer).toMatchObject({ Datapoints: [{ Sum: 2, Timestamp: { tag: 1, value: seconds } }] });
  });

  it("writes errors in CBOR, with the old code in a header", async () => {
    const { response, answer } = await rpc(
      "SetAlarmState",
      cbor.serialize({ AlarmName: "other", StateValue: "OK", StateReason: "" }),
    );
    expect(response.status).toBe(404);
    expect(response.headers.get("x-amzn-query-error")).toBe("ResourceNotFound;Sender");
    expect(answer).toMatchObject({ __type: "ResourceNotFound", message: "The alarm other does not exist" });
  });

  it("refuses what isn't CBOR", async () => {
    const { response, answer } = await rpc("DescribeAlarms", Buffer.from([0xbf, 0x61]));
    expect(response.status).toBe(400);
    expect(answer).toMatchObject({ __type: "SerializationException" });
  });
});

describe("JSON", () => {
  const post = async (target: string, body: string | undefined, version = "1.1") => {
    const response = await fetch(served.server.endpoint, {
      method: "POST",
      headers: { "x-amz-target": target, "content-type": `application/x-amz-json-${version}` },
      ...(body !== undefined && { body }),
    });
    return { response, answer: (await response.json()) as Record<string, unknown> };
  };

  it("is answered in the version it is asked in", async () => {
    const old = await post("GraniteServiceVersion20100801.DescribeAlarms", "{}", "1.0");
    expect(old.response.headers.get("content-type")).toBe("application/x-amz-json-1.0");
    expect(old.answer).toMatchObject({ MetricAlarms: [{ StateTransitionedTimestamp: START / 1000 }, {}] });
    const { response } = await post("CodeDeploy_20141006.ListApplications", "{}");
    expect(response.headers.get("content-type")).toBe("application/x-amz-json-1.1");
  });

  it("takes an empty body for no input", async () => {
    const { response, answer } = await post("CodeDeploy_20141006.ListApplications", undefined);
    expect(response.status).toBe(200);
    expect(answer).toEqual({ applications: ["shop"] });
  });

  it.each(["{", "[]", "null", '"text"'])("refuses the body %s", async (body) => {
    const { response, answer } = await post("CodeDeploy_20141006.ListApplications", body);
    expect(response.status).toBe(400);
    expect(answer).toMatchObject({ __type: "SerializationException" });
  });

  it("names an error in the body and in a header", async () => {
    const { response, answer } = await post("CodeDeploy_20141006.GetDeployment", '{"deploymentId":"d-XXXXXXXXX"}');
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amzn-errortype")).toBe("DeploymentDoesNotExistException");
    expect(answer).toEqual({
      __type: "DeploymentDoesNotExistException",
      message: "The deployment d-XXXXXXXXX could not be found",
    });
  });

  it("says what is wrong with an ill-typed parameter, and where", async () => {
    const { answer } = await post("AmazonEC2ContainerServiceV20141113.DescribeServices", '{"services":"shop"}');
    expect(answer).toMatchObject({ __type: "InvalidParameterException" });
    expect(answer.message).toMatch(/^services: .*array/);
  });
});
