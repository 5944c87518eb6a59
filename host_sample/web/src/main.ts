// The entry of the bundle. All that the first list needs is in one file with start.tsx; every part that is fetched later
// imports start.tsx too, which is what keeps that file one.
import "./start";
