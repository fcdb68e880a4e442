// Writes each asset of the bundle once more as Brotli and as gzip, so that the gateway compresses nothing while it serves.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const ASSETS = new URL("dist/assets/", import.meta.url);
const WORTH = 1024; // bytes: below this a packet is sent either way

const PACKED = /\.woff2?$/; // compressed already

for (const name of readdirSync(ASSETS).filter((one) => !PACKED.test(one))) {
  const content = readFileSync(new URL(name, ASSETS));
  if (content.length < WORTH) {
    continue;
  }
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length, [constants.BROTLI_PARAM_LGWIN]: 24 };
  writeFileSync(new URL(`${name}.br`, ASSETS), brotliCompressSync(content, { params }));
  writeFileSync(new URL(`${name}.gz`, ASSETS), gzipSync(content, { level: 9 }));
}
