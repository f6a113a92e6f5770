import { reviewChanges } from "../../scripts/plan/findings";
import { codeBlock, inlineCode, escaped } from "../../scripts/plan/render/escape";
import { jsonOf } from "../../scripts/plan/render/json";
import { diffLines } from "../../scripts/plan/render/line-difference";
import { COMMENT_LIMIT, markdownOf, SMALLEST_LIMIT } from "../../scripts/plan/render/markdown";
import type { PlannedStack, Review, StackReview, Strictness } from "../../scripts/plan/review";
import { create, destroy, keep, planned, update, type ResourceChange } from "./plan-fixture";

const LENIENT: Strictness = { failOnDanger: false, allowDanger: false };
const STRICT: Strictness = { failOnDanger: true, allowDanger: false };
const ALLOWED: Strictness = { failOnDanger: true, allowDanger: true };

function stack(name: string, changes: readonly ResourceChange[] = [], outputs: readonly string[] = []): PlannedStack {
  const all = planned(...changes);
  return { name, status: "planned", changes: all, outputs, findings: reviewChanges(all) };
}
const review = (...stacks: readonly StackReview[]): Review => ({ environment: "staging", stacks });
const many = (count: number, type = "aws_thing") =>
  Array.from({ length: count }, (_, index) => create(type, { text: "x".repeat(200) }, { name: `number-${index}` }));

describe("the summary of a review", () => {
  it("begins with the fact that nothing changes", () => {
    const text = markdownOf(review(stack("network"), stack("service")), LENIENT);
    expect(text).toMatch(/^## ⚪ No changes: plan for `staging`\n/);
    expect(text).not.toContain("<details>");
  });

  it("begins with the verdict and its findings, before the first fold", () => {
    const text = markdownOf(
      review(stack("service", [destroy("aws_dynamodb_table"), create("aws_sqs_queue")])),
      LENIENT,
    );
    expect(text).toMatch(/^## 🔴 Danger: plan for `staging`\n/);
    const finding = "- 🔴 service `aws_dynamodb_table.it`: is destroyed: its items are lost (`loses-table`)";
    expect(text.indexOf(finding)).toBeGreaterThan(0);
    expect(text.indexOf(finding)).toBeLessThan(text.indexOf("<details>"));
  });

  it("shortens digests, which its JSON has whole", () => {
    const digest = (digit: string) => `url@sha256:${digit.repeat(64)}`;
    const changed = review(stack("service", [update("aws_thing", { image: digest("a") }, { image: digest("b") })]));
    const text = markdownOf(changed, LENIENT);
    expect(text).toContain(`url@sha256:${"b".repeat(12)}`);
    expect(text).not.toMatch(/sha256:[0-9a-f]{13}/);
    expect(JSON.stringify(jsonOf(changed, LENIENT))).toContain(digest("b"));
  });

  it("folds the cautions away, and counts them", () => {
    const text = markdownOf(review(stack("service", [destroy("aws_iam_role_policy")])), LENIENT);
    expect(text).toMatch(/^## 🟡 Caution/);
    expect(text).toContain("<summary>1 caution</summary>");
  });

  it("is fine when no rule finds anything", () => {
    expect(markdownOf(review(stack("a", [create("aws_sqs_queue")])), LENIENT)).toMatch(/^## 🟢 Fine/);
  });

  it("counts for each stack what is added, changed, replaced and destroyed", () => {
    const text = markdownOf(review(stack("a", [create("x"), update("x", { b: 1 }, { b: 2 }), destroy("x")])), LENIENT);
    expect(text).toContain("| a | 1 | 1 | 0 | 1 |");
  });

  it("shows each stack to unfold, attribute by attribute", () => {
    const text = markdownOf(
      review(stack("delivery", [update("aws_alarm", { threshold: 2 }, { threshold: 5 })])),
      LENIENT,
    );
    expect(text).toContain("<details><summary><b>delivery</b></summary>");
    expect(text).toContain("```diff\n! aws_alarm.it is changed in place\n-     threshold: 2\n+     threshold: 5\n```");
  });

  it("shows documents line by line", () => {
    const policy = (action: string) => ({ policy: JSON.stringify({ Statement: [{ Action: action, Resource: "r" }] }) });
    const text = markdownOf(review(stack("a", [update("aws_sqs", policy("one"), policy("two"))])), LENIENT);
    expect(text).toMatch(/^- +"Action": "one",$/m);
    expect(text).toMatch(/^\+ +"Action": "two",$/m);
    expect(text).toMatch(/^ +"Resource": "r"$/m);
  });

  it("names the outputs that people read, and counts those that stacks read", () => {
    const text = markdownOf(review(stack("a", [], ["url", "cross-stack-output-aws_vpcvpcid"])), LENIENT);
    expect(text).toContain("Outputs that change: `url`, 1 value that other stacks read");
  });

  it("says by name which stack can't be planned yet, and why", () => {
    const waiting: StackReview = {
      name: "service",
      status: "waiting",
      for: [{ stack: "network", outputs: ["id", "arn"] }],
      applied: false,
    };
    const text = markdownOf(review(stack("network", [create("aws_vpc")]), waiting), STRICT);
    expect(text).toMatch(/^## 🟢 Fine/);
    expect(text).toContain(
      "- `service` **can't be planned yet**: it reads values that `network` (2 values) must first provide. Plan again when they are applied.",
    );
    expect(text).toContain("- `network`: `arn`");
  });

  it("blocks what can't be assessed yet, with the next step", () => {
    const waiting: StackReview = {
      name: "delivery",
      status: "waiting",
      for: [{ stack: "service", outputs: ["new"] }],
      applied: true,
    };
    const text = markdownOf(review(stack("service", [create("x")]), waiting), STRICT);
    expect(text).toMatch(/^## 🟠 Can't be assessed yet/);
    expect(text).toContain("**Blocked:** the changes of delivery are not known before");
    expect(text).toContain("deploy the new values first, as a separate change");
    expect(markdownOf(review(waiting), ALLOWED)).toContain("The label `allow-danger` accepts the danger.");
  });

  it("shows imports, moves and forgotten resources", () => {
    const change = (one: ResourceChange, more: object) => ({ ...one, change: { ...one.change, ...more } });
    const changes = [
      change(keep("a"), { importing: { id: "x" } }),
      change(update("b", { c: 1 }, { c: 2 }), { importing: { id: "y" } }),
      { ...keep("d"), previous_address: "d.was" },
      change(destroy("aws_sqs_queue"), { actions: ["forget"] }),
    ];
    const text = markdownOf(review(stack("s", changes)), LENIENT);
    expect(text).toContain(
      "| s | 0 | 1 | 0 | 0 | 🟡 Caution, 2 imported, 1 moved in the state, 1 removed from the state |",
    );
    expect(text).toContain("# a.it is imported as it is\n! b.it is imported, then is changed in place\n");
    expect(text).toContain("# d.it only moves in the state, was d.was\n");
    expect(text).toContain("# aws_sqs_queue.it is removed from the state, and Terraform no longer manages it");
  });

  describe("of the error message of a stack that failed", () => {
    const shown = (message: string) =>
      markdownOf(review({ name: "b", status: "failed", step: "terraform plan", message, next: "do it" }), LENIENT);

    it("shows a long line whole, in several", () => {
      const words = Array.from({ length: 120 }, (_, index) => `word${index}`).join(" ");
      const text = shown(`Error: ${words} api error AccessDenied: not authorized to perform: ec2:CreateVpc`);
      expect(text.replaceAll("\n", " ")).toContain(`Error: ${words} api error AccessDenied`);
      expect(text).toContain("ec2:CreateVpc");
    });

    it("shows a long line without a space whole, too", () => {
      const policy = `{${'"Action":"s3:GetObject",'.repeat(60)}}`;
      expect(shown(`Error: bad policy\n    ${policy} AccessDenied`).replaceAll("\n", "")).toContain(policy);
    });

    it("shows the beginning and the end of very many lines, and says how many it leaves out", () => {
      const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
      const text = shown(["Error: long", ...lines, "the reason"].join("\n"));
      expect(text).toContain("Error: long\nline 0\n");
      expect(text).toContain("… 142 lines left out; --json shows them …");
      expect(text).toContain("line 199\nthe reason\n");
    });
  });

  it("names the stacks that were skipped, and those that failed with their errors", () => {
    const failed: StackReview = {
      name: "b",
      status: "failed",
      step: "terraform init",
      message: "Error: no",
      next: "do it",
    };
    const text = markdownOf(review({ name: "a", status: "skipped" }, failed), LENIENT);
    expect(text).toMatch(/^## 🔴 Failed/);
    expect(text).toContain("- `a` was **not planned**: it was skipped on request.");
    expect(text).toContain("- `b` was **not planned**: terraform init failed; do it.");
    expect(text).toContain("```text\nError: no\n```");
  });

  it("reports when a danger blocks, and when a label accepts it", () => {
    const dangerous = review(stack("a", [destroy("aws_lb")]));
    expect(markdownOf(dangerous, STRICT)).toContain("label `allow-danger`");
    expect(markdownOf(dangerous, ALLOWED)).toContain("The label `allow-danger` accepts the danger.");
    expect(markdownOf(dangerous, LENIENT)).not.toContain("label");
  });

  it("fits into a comment, whatever the plan, and says how much it left out", () => {
    const text = markdownOf(review(stack("a", many(1000)), stack("b", many(10))), LENIENT);
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text).toMatch(/\*\*\d+ resources of 1000 left out:\*\* the comment has reached its size limit/);
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? -1);
  });

  it("leaves out the least risky parts first", () => {
    const changes = [...many(500), destroy("aws_dynamodb_table")];
    const text = markdownOf(review(stack("a", changes)), LENIENT, 5_000);
    expect(text.length).toBeLessThanOrEqual(5_000);
    expect(text).toContain("- aws_dynamodb_table.it is destroyed");
  });

  it("keeps within the limit even when there are hundreds of dangers", () => {
    const changes = Array.from({ length: 300 }, (_, index) => destroy("aws_lb", {}, { name: `n${index}`.repeat(20) }));
    const text = markdownOf(review(stack("a", changes)), LENIENT, 6_000);
    expect(text.length).toBeLessThanOrEqual(6_000);
  });

  it("cuts long values and long lists of attributes", () => {
    const attributes = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`a${index}`, "y".repeat(1000)]));
    const text = markdownOf(review(stack("a", [create("x", attributes)])), LENIENT);
    expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(240);
    expect(text).toContain("… and 120 more lines");
  });

  it("lets no value end its code block, mention anybody or become markup", () => {
    const nasty = "```\n</details><img src=x> @everyone";
    const text = markdownOf(review(stack("a", [create("x", { text: nasty }, { name: nasty })])), LENIENT);
    expect(text.match(/^`{3,}/gm)).toEqual(["````", "````"]);
    const showing = text.split("\n").filter((line) => line.includes("<img"));
    expect(showing.length).toBeGreaterThan(0);
    for (const line of showing) expect(line).toMatch(/^\+/);
  });
});

/** What a reader's Markdown would still hold open at the end of a text: the fence of a block of code, and folds. */
function openAtTheEnd(text: string): { readonly fence: string; readonly folds: number } {
  let [fence, folds] = ["", 0];
  for (const line of text.split("\n")) {
    const marks = /^`{3,}/.exec(line)?.[0] ?? "";
    if (fence !== "") {
      if (line.trim() === marks && marks.length >= fence.length) fence = "";
    } else {
      fence = marks;
      // Elsewhere than at the beginning of a line they are text, or code.
      folds += line.startsWith("<details>") ? 1 : line.startsWith("</details>") ? -1 : 0;
    }
  }
  return { fence, folds };
}

describe("a summary that is cut", () => {
  const AWKWARD = ["x", "`", "```\n", "</details>\n", "<details>", "@a #1 | [", "é🔴", "\r\n```\r\n"];
  const failed = (message: string): StackReview => ({
    name: message,
    status: "failed",
    step: "terraform plan",
    message,
    next: message,
  });
  /** Everything a review can hold, made of one awkward text. */
  const awkward = (text: string): Review => ({
    environment: text.repeat(40),
    stacks: [
      stack(text.repeat(40), [
        ...Array.from({ length: 60 }, (_, index) =>
          create("x", { text: text.repeat(300) }, { name: `${text}${index}` }),
        ),
        ...Array.from({ length: 60 }, (_, index) => destroy("aws_lb", {}, { name: `${text.repeat(60)}${index}` })),
        ...Array.from({ length: 20 }, (_, index) => destroy("aws_thing", {}, { name: `${text}${index}` })),
      ]),
      stack("outputs", [], [text.repeat(500), ...Array.from({ length: 300 }, (_, index) => `${text}${index}`)]),
      failed(text.repeat(3000)),
      {
        name: "waiting",
        status: "waiting",
        for: [{ stack: text.repeat(100), outputs: Array.from({ length: 300 }, () => text.repeat(100)) }],
        applied: true,
      },
    ],
  });
  const LIMITS = [SMALLEST_LIMIT, 4_321, 5_000, 7_777, 12_345, 32_000, COMMENT_LIMIT];

  it.each(AWKWARD)("of %j closes every fold, keeps within any limit, and shows its verdict", (text) => {
    for (const limit of LIMITS) {
      const summary = markdownOf(awkward(text), STRICT, limit);
      expect(summary.length).toBeLessThanOrEqual(limit);
      expect(openAtTheEnd(summary)).toEqual({ fence: "", folds: 0 });
      expect(summary).toMatch(/^## 🔴 Danger: plan for [^]*\*\*Blocked:\*\* it is dangerous/);
    }
  });

  it("is not cut as long as there is room", () => {
    const small = review(stack("a", many(3)), stack("b", [], ["url"]));
    expect(markdownOf(small, LENIENT)).toBe(markdownOf(small, LENIENT, Infinity));
    expect(markdownOf(small, LENIENT)).not.toMatch(/left out|more/);
  });

  it("says so when a whole part has no room", () => {
    const text = markdownOf(awkward("x"), STRICT, SMALLEST_LIMIT);
    expect(text).toContain("**More was left out:** the comment has reached its size limit.");
  });
});

describe("the review as JSON", () => {
  it("says the same, complete, without a sensitive value", () => {
    const change = create("aws_sqs_queue", { password: "s3cret", size: 3 }, { after_sensitive: { password: true } });
    const json = jsonOf(review(stack("a", [change])), LENIENT);
    expect(json).toMatchObject({
      environment: "staging",
      verdict: "fine",
      exitCode: 2,
      stacks: [{ name: "a", status: "planned", changes: [{ address: "aws_sqs_queue.it", kind: "create" }] }],
    });
    expect(JSON.stringify(json)).not.toContain("s3cret");
  });
});

describe("the difference of two texts", () => {
  it("keeps what stays, and leaves out what is far from any change", () => {
    const before = ["a", "b", "c", "d", "e", "f"].join("\n");
    const after = ["a", "b", "c", "d", "e", "g"].join("\n");
    expect(diffLines(before, after, 1).map(({ sign, text }) => `${sign}${text}`)).toEqual(
      [" …", " e", "-f", "+g"].slice(1),
    );
  });

  it("finds what was moved in between", () => {
    const lines = diffLines("a\nc", "a\nb\nc", 5);
    expect(lines.map(({ sign, text }) => `${sign}${text}`)).toEqual([" a", "+b", " c"]);
  });
});

describe("text in Markdown", () => {
  it("is shown as it is, without markup or mentions", () => {
    expect(escaped("a <b> & [x](y) *z* _u_ ~v~ $w$\nnext")).toBe(
      "a &lt;b&gt; &amp; \\[x\\](y) \\*z\\* \\_u\\_ \\~v\\~ \\$w\\$ next",
    );
  });

  it("breaks mentions and references, which a backslash would not", () => {
    expect(escaped("@team #1")).toBe("@&#8203;team #&#8203;1");
  });

  it("is code as it is, outside of tables also with a bar in it", () => {
    expect(inlineCode('x["a|b"]')).toBe('`x["a|b"]`');
  });

  it("is code, whatever backticks it has", () => {
    expect(inlineCode("a`b")).toBe("`` a`b ``");
    expect(codeBlock("text", ["````"])[0]).toBe("`````text");
  });
});
