import { InvalidArgumentError } from "commander";

/** A text with something in it. @throws InvalidArgumentError, which commander tells in the words of the option */
export function nonEmpty(value: string): string {
  if (value.trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return value;
}

/** A repeatable option: adds a text to those before it. @throws InvalidArgumentError for an empty one */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, nonEmpty(value)];
}
