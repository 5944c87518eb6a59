// What a section says when there is nothing in it.
import { t } from "../i18n/translate";
import { Note } from "../ui/notes";
import type { SectionProps } from "./section_props";

export function EmptySection({ plugin, section }: Pick<SectionProps, "plugin" | "section">) {
  return (
    <Note
      title={section.empty ? plugin.text(section.empty.title) : t("empty")}
      text={plugin.text(section.empty?.text)}
    />
  );
}
