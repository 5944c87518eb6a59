// Of the page: what is not there with the first list.
import type { DetailsProps } from "../details/details";
import { lazy } from "../ui/lazy";

export const About = lazy();
export const Details = lazy<DetailsProps>();
export const GoTo = lazy();
export const HeldBack = lazy();
export const Help = lazy();
export const NoView = lazy<{ plugin: string }>();
export const Refused = lazy<{ why: string }>();
