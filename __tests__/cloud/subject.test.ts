import { Subject } from "../../scripts/cloud/subject";

describe("a subject", () => {
  it("notifies its observers in the order in which they subscribed", () => {
    const subject = new Subject<string>();
    const seen: string[] = [];
    subject.subscribe((event) => seen.push(`first ${event}`));
    subject.subscribe((event) => seen.push(`second ${event}`));
    subject.notify("event");
    expect(seen).toEqual(["first event", "second event"]);
  });

  it("leaves out an observer that has unsubscribed, and only that one", () => {
    const subject = new Subject<number>();
    const seen: number[] = [];
    const observer = (event: number) => void seen.push(event);
    const unsubscribe = subject.subscribe(observer);
    subject.subscribe(observer);
    subject.notify(1);
    unsubscribe();
    unsubscribe();
    subject.notify(2);
    expect(seen).toEqual([1, 1, 2]);
  });
});
