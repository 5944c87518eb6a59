// Of lists: the parts that a first one seldom has.
import { slot } from "../host/deferred";
import { lazy } from "../ui/lazy";
import type { BulkProps } from "./bulk_bar";
import type { NothingProps } from "./empty_list";
import type { ExportMenuProps } from "./export_menu";
import type { ChipProps } from "./filter_chip";
import type { EditorProps } from "./filter_editor";
import type { MenuProps, SearchProps } from "./filter_menu";
import type { notifyOf } from "./notify_rules";
import type { rowReader } from "./row_reader";
import type { SavedMenuProps } from "./saved_menu";
import type { FiltersProps } from "./filter_setting";

export const Bulk = lazy<BulkProps>();
export const Chip = lazy<ChipProps>();
export const ClearFilters = lazy<FiltersProps>();
export const ExportMenu = lazy<ExportMenuProps>();
export const FilterEditor = lazy<EditorProps>();
export const FilterMenu = lazy<MenuProps>();
export const FilterSearch = lazy<SearchProps>();
export const Nothing = lazy<NothingProps>();
export const SavedMenu = lazy<SavedMenuProps>();
export const reader = slot<typeof rowReader>();
export const notifier = slot<typeof notifyOf>();
