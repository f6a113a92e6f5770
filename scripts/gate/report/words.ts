import type { FaultModel } from "../models/fault";
import { FAULT_MODELS } from "../models/faults";

/** The model of a fault by its name. */
export function modelOf(fault: string): FaultModel | undefined {
  return Object.entries<FaultModel>(FAULT_MODELS).find(([name]) => name === fault)?.[1];
}

/** A severity with its unit, or a dash for none. */
export function severityOf(unit: FaultModel["unit"], severity: number | null): string {
  if (severity === null) return "–";
  return unit === "share" ? `${percent(severity)} %` : `${severity} s`;
}

/** A share in thousandths, without unit. */
export function perMille(share: number): string {
  const value = share * 1_000;
  return value < 9.95 ? String(Number(value.toFixed(2))) : String(Math.round(value));
}

/** A share in percent, without unit: at least one digit that is not zero, no false precision, and 100 only when it is all. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0 || value === 100) return String(value);
  if (value > 99.9) return "99.9";
  return value < 1 || value > 99
    ? String(Number(value.toPrecision(value < 1 ? 2 : 3)))
    : String(Number(value.toPrecision(3)));
}
