// Builds the one script of the link graph. Its first line names what it was built from, so that a test can tell
// whether somebody changed the source and did not build again.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const digest = createHash('sha256');
for (const file of ['graph.js', 'labels.js', 'menu.js', 'play.js', 'package.json']) digest.update(readFileSync(new URL(file, import.meta.url)));
await build({
  entryPoints: [new URL('graph.js', import.meta.url).pathname],
  outfile: process.argv[2],
  bundle: true, format: 'esm', minify: true, target: 'es2020', charset: 'utf8', legalComments: 'none',
  banner: { js: `/* Link graph: source ${digest.digest('hex')}; with Cytoscape.js, MIT, see LICENSES.txt */` },
});
