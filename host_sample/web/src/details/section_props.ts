// What a section is drawn from, and what its body is drawn from once there is an answer.
import type { Target } from "../actions/target";
import type { Section } from "../host/description";
import type { Answer } from "../host/live";
import type { Plugin } from "../host/plugin_registry";
import type { Fields, Read } from "../host/protocol";
import type { Thing } from "../ui/address";
import type { CellPlace } from "../ui/cells/cell_place";

export interface SectionProps {
  plugin: Plugin;
  view: string;
  section: Section;
  thing: Thing;
  depth: number;
  details: Answer;
  fields: Fields;
  caps: Fields;
  cell: CellPlace;
  target: Target;
}

export interface BodyProps extends SectionProps {
  label: string;
  answer: Answer;
  read: Read | null;
  body: Fields;
}
