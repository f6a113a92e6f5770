const MINUTE = 60_000;

/** The time zone of a wall clock window. */
export interface TimeZone {
  /** Milliseconds by which local time is ahead of UTC at a time. */
  readonly offsetAt: (time: number) => number;
}

/**
 * Reads the time zone of an alarm's `EvaluationWindow`: a name of the IANA database (`America/New_York`), an offset
 * (`+05:30`), or an offset after `UTC` (`UTC+05:30`).
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_WallClockWindow.html
 *
 * @throws RangeError for an unknown time zone, or an offset that isn't a multiple of 5 minutes
 */
export function timeZoneOf(name: string): TimeZone {
  const offset = /^(?:UTC)?([+-])(\d{2}):(\d{2})$/.exec(name);
  if (offset) {
    const [, sign, hours, minutes] = offset;
    const ahead = Number(hours) * 60 + Number(minutes);
    if (ahead % 5 !== 0 || ahead >= 24 * 60 || Number(minutes) >= 60) throw unknown(name);
    const ms = (sign === "-" ? -ahead : ahead) * MINUTE;
    return { offsetAt: () => ms };
  }
  // Node also accepts an offset without a colon here; CloudWatch does not.
  if (name.length > 50 || /^[+-]/.test(name)) throw unknown(name);
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  } catch {
    throw unknown(name);
  }
  return { offsetAt: (time) => offsetIn(format, time) };
}

function offsetIn(format: Intl.DateTimeFormat, time: number): number {
  const text = format.formatToParts(time).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  // "GMT-03:30"; "GMT" alone is UTC.
  const [, sign, hours = 0, minutes = 0] = /([+-])(\d{2}):(\d{2})/.exec(text) ?? [];
  const ms = (Number(hours) * 60 + Number(minutes)) * MINUTE;
  return sign === "-" ? -ms : ms;
}

function unknown(name: string): RangeError {
  return new RangeError(
    `"${name}" is not a time zone: use a name such as Europe/Berlin, or an offset such as +05:30 or UTC+05:30 in steps of ` +
      "5 minutes",
  );
}
