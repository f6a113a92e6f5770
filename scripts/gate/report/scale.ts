/** A tick of an axis. */
export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** An axis of a chart: which values it shows, and where. */
export interface Scale {
  /** Where a value is, from 0 (start of the axis) to 1 (its end). Values outside are at the nearer end. */
  at(value: number): number;
  /** Ticks, the most important first: the chart leaves out those whose texts would touch one before. */
  readonly ticks: readonly Tick[];
}

/** A linear axis from 0. @param top its end, above 0 */
export function linearScale(top: number, ticks: readonly Tick[]): Scale {
  return { at: (value) => clamp(value / top), ticks };
}

/**
 * A logarithmic axis.
 * @param from its start, above 0
 * @param to its end, above `from`
 * @param zero the part of the axis before `from` that stands for 0; absent: none
 */
export function logScale(from: number, to: number, ticks: readonly Tick[], zero = 0): Scale {
  const length = Math.log(to / from);
  return {
    at: (value) => (value < from && zero > 0 ? 0 : zero + (1 - zero) * clamp(Math.log(value / from) / length)),
    ticks,
  };
}

/** The values 1, 2 and 5 of each power of ten within the range; the powers of ten first. */
export function logTicks(from: number, to: number): readonly number[] {
  const first = Math.floor(Math.log10(from));
  const powers = Array.from({ length: Math.ceil(Math.log10(to)) - first + 1 }, (_, index) => first + index);
  const isWithin = (value: number) => value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9);
  return [1, 5, 2].flatMap((digit) => powers.map((power) => Number(`${digit}e${power}`)).filter(isWithin));
}

/** A round number that is at least the value: 1, 2, 3, 4, 5, 6, 8 or 10 times a power of ten; and its ticks from 0. */
export function roundTop(value: number): { readonly top: number; readonly ticks: readonly number[] } {
  if (!(value > 0)) return { top: 1, ticks: [0, 1] };
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  const top = digit * power;
  const parts = digit === 3 || digit === 6 ? 3 : digit === 5 || digit === 10 ? 5 : 4;
  return {
    top,
    ticks: Array.from({ length: parts + 1 }, (_, index) => Number(((top * index) / parts).toPrecision(12))),
  };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
