// What a choice of a filter is called.
import "./start";
import { asText } from "./format";
import type { Plugin } from "./plugins";
import type { Json } from "./protocol";

export function optionLabel(plugin: Plugin, option: { value: Json; label?: Json | undefined }): string {
  return typeof option.label === "string"
    ? plugin.say(option.label)
    : asText(option.label ?? option.value, plugin.sayIn);
}
