import { shortDigests } from "../../scripts/command/digest";

const HEX = "0123456789abcdef".repeat(4);

describe("a text for people", () => {
  it.each([
    [`url@sha256:${HEX}`, "url@sha256:0123456789ab"],
    [`a@sha256:${HEX} → b@sha256:${HEX}.`, "a@sha256:0123456789ab → b@sha256:0123456789ab."],
    [`{"image":"url@sha256:${HEX}"}`, '{"image":"url@sha256:0123456789ab"}'],
    ["url@sha256:4f20", "url@sha256:4f20"],
    [`sha256:${HEX}00`, `sha256:${HEX}00`],
    [HEX, HEX],
    ["no digest", "no digest"],
  ])("says %s in short", (text, short) => {
    expect(shortDigests(text)).toBe(short);
  });
});
