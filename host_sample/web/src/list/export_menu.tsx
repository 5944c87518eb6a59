// The choice of a format to take a list along in.
import { exportAll } from "../host/export_download";
import type { Read } from "../host/protocol";
import { t } from "../i18n/translate";
import { toast } from "../ui/toasts";

export interface ExportMenuProps {
  read: Read;
  formats: readonly ("csv" | "json")[];
  close: () => void;
}

export function ExportMenu({ read, formats, close }: ExportMenuProps) {
  return (
    <div class="menu">
      {formats.map((format) => (
        <button
          type="button"
          key={format}
          class="btn quiet"
          onClick={() => {
            close();
            const { page: _, ...whole } = read;
            void exportAll(whole, format).then((why) =>
              why === null ? toast("success", t("exported"), "") : toast("danger", t("exportFailed", { why: "" }), why),
            );
          }}
        >
          {t("exportAs", { format: format.toUpperCase() })}
        </button>
      ))}
    </div>
  );
}
