/** Something that blocks a deploy: what is wrong, and what to do about it. */
export interface DeployProblem {
  readonly what: string;
  readonly next: string;
}
