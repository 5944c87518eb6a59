// The question that is open, if one is: while it is, nothing behind it moves.
import { signal } from "@preact/signals";
import type { Action } from "../host/description";
import type { Target } from "./target";

export interface Question {
  id: string;
  action: Action;
  target: Target;
  /** What it would do is asked for, too. */
  preview?: boolean;
}

export const openQuestion = signal<Question | null>(null);
