// Builds the page into one C++ source: node build.mjs OUTDIR
//
// Checks the types, bundles and minifies, names scripts and styles by their content, compresses, and writes
// OUTDIR/page_files.cpp, which implements host_sample/http/page_files.hpp. The files themselves go to OUTDIR/page/, to look at.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const [out, ...rest] = process.argv.slice(2);
if (!out || rest.length > 0) {
  console.error("usage: node build.mjs OUTDIR");
  process.exit(2);
}

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const checked = spawnSync(process.execPath, [tsc, "--noEmit", "-p", here], { stdio: "inherit" });
if (checked.status !== 0) process.exit(1);

const target = ["chrome120", "firefox128", "safari17.4"];
const folder = join(out, "page");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

/** `import text from "./x.css?text"`: the style sheet, bundled and minified, as a text. */
const styleText = {
  name: "style-text",
  setup(builder) {
    builder.onResolve({ filter: /\.css\?text$/ }, (args) => ({
      path: join(args.resolveDir, args.path.slice(0, -"?text".length)),
      namespace: "style-text",
    }));
    builder.onLoad({ filter: /.*/, namespace: "style-text" }, async (args) => {
      const bundled = await build({ entryPoints: [args.path], bundle: true, minify: true, target, write: false });
      return { contents: bundled.outputFiles[0].text.trim(), loader: "text", watchFiles: [args.path] };
    });
  },
};

/**
 * What the first list needs shall be one file. parts.ts uses much of it, and what two entries share the bundler would put into
 * a third file: so for the bundler parts.ts uses all of it, by importing main.ts, which no source does.
 */
const partsUseAllOfMain = {
  name: "parts-use-all-of-main",
  setup(builder) {
    builder.onLoad({ filter: /\/src\/parts\.ts$/ }, (args) => ({
      contents: `import "./main";\n${readFileSync(args.path, "utf8")}`,
      loader: "ts",
    }));
  },
};

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.ts", "src/parts.ts", "src/style/first.css"],
  outdir: folder,
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target,
  plugins: [styleText, partsUseAllOfMain],
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  legalComments: "none",
  metafile: true,
  write: true,
});

// All that the first list needs is in the one file that holds start.tsx; the entry itself would only import it.
const outputs = Object.entries(result.metafile.outputs);
const holding = (input) => outputs.find(([, output]) => input in output.inputs)[0];
const first = holding("src/app/start.tsx");
const entry = holding("src/main.ts");
if (result.metafile.outputs[first].imports.some((other) => other.kind === "import-statement")) {
  throw new Error("the page's first script imports another one");
}
const written = outputs.filter(([file]) => file === first || file !== entry);
const html = readFileSync(join(here, "src/index.html"), "utf8")
  .replace("main.js", basename(first))
  .replace("style.css", basename(holding("src/style/first.css")));
writeFileSync(join(folder, "index.html"), html);

const types = { ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };
const files = [
  { path: "", type: "text/html; charset=utf-8", content: Buffer.from(html), immutable: false },
  ...written.map(([file]) => ({
    path: basename(file),
    type: types[file.slice(file.lastIndexOf("."))],
    content: readFileSync(join(here, file)),
    immutable: true,
  })),
];

const lines = [];
const table = [];
for (const [index, file] of files.entries()) {
  const etag = createHash("sha256").update(file.content).digest("hex").slice(0, 16);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  const forms = {
    gzip: gzipSync(file.content, { level: 9 }),
    brotli: brotliCompressSync(file.content, { params: quality }),
  };
  lines.push(`// ${file.path || "(the page)"}: ${file.content.length} bytes`);
  for (const [form, content] of Object.entries(forms)) {
    const bytes = [...content].map(String);
    lines.push(`constexpr unsigned char ${form}_${index}[] = {`);
    for (let at = 0; at < bytes.length; at += 32) lines.push(`  ${bytes.slice(at, at + 32).join(",")},`);
    lines.push("};");
  }
  table.push(
    `  {${JSON.stringify(file.path)}, ${JSON.stringify(file.type)}, "\\"${etag}\\"", gzip_${index}, brotli_${index}, ${file.immutable}},`,
  );
  console.log(
    `${String(forms.gzip.length).padStart(6)} ${String(forms.brotli.length).padStart(6)} ${file.path || "index.html"}`,
  );
}

writeFileSync(
  join(out, "page_files.cpp"),
  `// Written by host_sample/web/build.mjs; not edited by hand.
#include "http/page_files.hpp"

namespace host::http {
namespace {

${lines.join("\n")}

constexpr PageFile files[] = {
${table.join("\n")}
};

}  // namespace

std::span<const PageFile> page_files() { return files; }

}  // namespace host::http
`,
);
