/** Something that stands in the way of a deploy: what is wrong, and what to do about it. */
export interface DeployProblem {
  readonly what: string;
  readonly next: string;
}
