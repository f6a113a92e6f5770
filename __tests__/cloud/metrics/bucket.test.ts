import { addSample, emptyBucket } from "../../../scripts/cloud/metrics/bucket";

describe("a busy minute's bucket", () => {
  it("keeps a thousand different values exactly and rounds what comes then, so that it stays small", () => {
    const bucket = emptyBucket();
    for (let i = 1; i <= 20_000; i += 1) addSample(bucket, i / 1_000);
    // 0.001 to 1, then 1.01 to 9.99 and 10.0 to 20.0.
    expect(bucket.values?.size).toBe(1_000 + 899 + 101);
    expect(bucket.values?.get(0.123)).toBe(1);
    expect([...(bucket.values?.values() ?? [])].reduce((sum, count) => sum + count, 0)).toBe(20_000);
  });
});
