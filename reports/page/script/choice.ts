/** What the reader chose, and the view of a run that follows from it. */
import type { ChartGroup, ChartView } from '../../view/chart-view.js';

export interface Choice {
  /** Labels of candidates that are shown nowhere. */
  readonly hidden: ReadonlySet<string>;
  /** By the title of a group, the label of the candidate that the others are compared with. */
  readonly references: ReadonlyMap<string, string>;
  /** The label of the candidate that stands out. */
  readonly focus: string | null;
  /** The chart of the accuracy against a cost that is shown; null for all. */
  readonly cost: string | null;
}

/** Only candidates that are not hidden, each group against the reference of the reader's choice. */
export const chosenView = (view: ChartView, { hidden, references }: Choice): ChartView => ({
  ...view,
  candidates: view.candidates.filter(({ label }) => !hidden.has(label)),
  groups: view.groups.flatMap((group): ChartGroup[] => {
    const candidates = group.candidates.filter(({ label }) => !hidden.has(label));
    const chosen = references.get(group.title);
    const reference = group.candidates.find(({ label }) => label === chosen) ?? group.reference;
    return candidates.length === 0 ? [] : [{ ...group, candidates, reference }];
  }),
});

/** Holds the choice, and tells all who asked whenever it changes. */
export class Store {
  private readonly listeners: ((choice: Choice, before: Choice) => void)[] = [];

  constructor(public choice: Choice) {}

  listen(listener: (choice: Choice, before: Choice) => void): void {
    this.listeners.push(listener);
  }

  change(part: Partial<Choice>): void {
    const before = this.choice;
    this.choice = { ...before, ...part };
    for (const tell of this.listeners) tell(this.choice, before);
  }
}
