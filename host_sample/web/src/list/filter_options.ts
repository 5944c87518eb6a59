// What a choice of a filter is called.
import type { Plugin } from "../host/plugin_registry";
import type { Json } from "../host/protocol";
import { asText } from "../host/value_text";

export function optionLabel(plugin: Plugin, option: { value: Json; label?: Json | undefined }): string {
  return typeof option.label === "string"
    ? plugin.text(option.label)
    : asText(option.label ?? option.value, plugin.textIn);
}
