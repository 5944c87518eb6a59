// A style sheet as text, bundled and minified by build.mjs.
declare module "*.css?text" {
  const text: string;
  export default text;
}
