#!/usr/bin/env node
// Reads a contract bundle with @polkadot/api-contract, and events of the contract: one that is handed in, or those of
// a block of a running chain. None of our own code has a part in it, so what it prints is what other people's wallets
// and explorers would see.
//
//   node read-bundle.mjs BUNDLE
//   node read-bundle.mjs BUNDLE --event '{"topics": ["0x…"], "data": "0x…"}'      (`--event -`: on standard input)
//   node read-bundle.mjs BUNDLE --chain ws://127.0.0.1:9944 --block HASH [--contract ADDRESS]
//
// Prints one JSON object: {"name", "version", "codeHash", "wasmBytes", "constructors", "messages", "events",
// "decoded"}. Amounts and other integers are strings of digits. Exit status 1, with one line on standard error, if
// anything cannot be read.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { Abi } from '@polkadot/api-contract';
import { GenericAccountId } from '@polkadot/types';
import { AbstractInt, bool, Enum, Option, Raw, Struct, Text } from '@polkadot/types-codec';
import { blake2AsHex, encodeAddress } from '@polkadot/util-crypto';

const USAGE =
  'usage: read-bundle.mjs BUNDLE [--event JSON|-] [--chain ws://HOST:PORT --block HASH [--contract ADDRESS]]';

/** A decoded value as plain JSON, without the rounding and the grouping commas of the library's own conversions. */
function plain(value) {
  if (value instanceof Option) return value.isSome ? plain(value.unwrap()) : null;
  if (value instanceof AbstractInt || value instanceof Text) return value.toString();
  if (value instanceof bool) return value.isTrue;
  if (value instanceof GenericAccountId) return value.toString();
  if (value instanceof Raw) return value.toHex();
  if (value instanceof Enum) return value.isBasic ? value.type : { [value.type]: plain(value.value) };
  if (value instanceof Struct) return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
  if (Array.isArray(value)) return value.map(plain);
  return value.toJSON();
}

/** What the bundle says of the contract. */
function describe(abi) {
  const { contract, source } = abi.info;
  const wasm = source.wasm.toU8a(true);
  const codeHash = source.wasmHash.toHex();
  if (blake2AsHex(wasm) !== codeHash) throw new Error(`the code's hash is ${blake2AsHex(wasm)}, not ${codeHash}`);
  const callable = ({ method, identifier, selector, args }) => ({
    label: identifier,
    name: method,
    selector: selector.toHex(),
    args: args.map(({ name }) => name),
  });
  return {
    name: contract.name.toString(),
    version: contract.version.toString(),
    codeHash,
    wasmBytes: wasm.length,
    constructors: abi.constructors.map(callable),
    messages: abi.messages.map((message) => ({ ...callable(message), mutates: message.isMutating })),
    events: abi.events.map(({ identifier, signatureTopic, args }) => ({
      label: identifier,
      signature: signatureTopic ?? null,
      args: args.map(({ name, indexed }) => ({ name, indexed })),
    })),
  };
}

function decode(abi, topics, data) {
  // The library wants the record of a block, of which it looks at no more than this.
  const { event, args } = abi.decodeEvent({ topics, event: { data: [null, data] } });
  const named = event.args.map(({ name }, index) => [name, plain(args[index])]);
  return { label: event.identifier, args: Object.fromEntries(named) };
}

/** An event that was handed in as the chain keeps it: hashed topics, and the data. */
function decodeGiven(abi, text) {
  const { topics, data } = JSON.parse(text);
  const { registry } = abi;
  return decode(abi, [...registry.createType('Vec<H256>', topics)], registry.createType('Bytes', data));
}

/** The contract's events in a block, oldest first. */
async function decodeBlock(abi, { chain, block, contract }) {
  const provider = new WsProvider(chain, false);
  let failed;
  const lost = new Promise((_, reject) => {
    failed = reject;
  });
  provider.on('error', () => failed(new Error(`cannot connect to ${chain}; is a chain running there?`)));
  const api = new ApiPromise({ provider, noInitWarn: true });
  try {
    await Promise.race([lost, provider.connect().then(() => api.isReadyOrError)]);
    const then = await api.at(block).catch(() => {
      throw new Error(`${chain} does not know block ${block}; give a block hash of that chain`);
    });
    const records = await then.query.system.events();
    const wanted = contract && encodeAddress(contract, api.registry.chainSS58 ?? 42);
    const known = new Set(abi.events.map(({ signatureTopic }) => signatureTopic));
    return [...records].filter(({ event }) => api.events.contracts.ContractEmitted.is(event)).flatMap((record) => {
      const [emitter, data] = record.event.data;
      // Other contracts emit in the same block: with an address take only that contract's events, without one only
      // those that this kind of contract declares.
      if (wanted ? emitter.toString() !== wanted : !known.has(record.topics[0]?.toHex())) return [];
      return [{ contract: emitter.toString(), ...decode(abi, [...record.topics], data) }];
    });
  } finally {
    await api.disconnect();
  }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      event: { type: 'string' },
      chain: { type: 'string' },
      block: { type: 'string' },
      contract: { type: 'string' },
    },
  });
  const { event, chain, block } = values;
  if (positionals.length !== 1 || (chain === undefined) !== (block === undefined)) throw new Error(USAGE);
  const abi = new Abi(JSON.parse(readFileSync(positionals[0], 'utf8')));
  const decoded = [];
  if (event !== undefined) decoded.push(decodeGiven(abi, event === '-' ? readFileSync(0, 'utf8') : event));
  if (chain !== undefined) decoded.push(...(await decodeBlock(abi, values)));
  process.stdout.write(`${JSON.stringify({ ...describe(abi), decoded }, null, 2)}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`read-bundle: ${error.message}\n`);
  process.exitCode = 1;
}
