// Icons that a first list seldom has.
import type { Paths } from "./icons";

export const rareIcons: Paths = {
  box: "M2 5l6-3 6 3v6l-6 3-6-3zM2 5l6 3 6-3M8 8v6",
  chart: "M2 14V2M2 14h12M5 11V8M8 11V5M11 11V7",
  chevron: "M4 6l4 4 4-4",
  close: "M4 4l8 8M12 4l-8 8",
  gear: "M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4",
  list: "M5 4h9M5 8h9M5 12h9M2 4h.2M2 8h.2M2 12h.2",
  out: "M9 2.5h4.5V7M13.5 2.5L7 9M11 9.5v4H2.5V5h4",
  retry: "M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3",
  user: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14c.5-3 2.7-4.5 5.5-4.5s5 1.500 5.500 4.500",
};
