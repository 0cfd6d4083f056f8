#!/usr/bin/env node
// Votes as a wallet does, with the library that Polkadot wallets are made with: signs with a development key, sends, and
// follows the transaction until it is final.
//
//   node sign-vote.mjs BUNDLE --chain ws://127.0.0.1:9944 --polls ADDRESS --proposal N --support For --signer //Bob
//
// Prints one JSON object: {"voter", "statuses": ["Ready", "InBlock", …], "block"}. Exit status 1, with one line on standard
// error, if the vote cannot be sent.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { ContractPromise } from '@polkadot/api-contract';

async function vote(bundle, { chain, polls, proposal, support, signer }) {
  const api = await ApiPromise.create({ provider: new WsProvider(chain), noInitWarn: true, throwOnConnect: true });
  try {
    const contract = new ContractPromise(api, JSON.parse(readFileSync(bundle, 'utf8')), polls);
    const voter = new Keyring({ type: 'sr25519' }).addFromUri(signer);
    const most = { gasLimit: api.consts.system.blockWeights.maxBlock };
    const { gasRequired, result } = await contract.query['polls::vote'](voter.address, most, proposal, { Majority: support });
    if (result.isErr) throw new Error(`the dry run failed: ${result.asErr}`);
    const call = contract.tx['polls::vote']({ gasLimit: gasRequired }, proposal, { Majority: support });
    await call.signAsync(voter);
    // What the node itself says: the library's own shortcut drops a status that the next one overtakes.
    const statuses = [];
    return await new Promise((resolve, reject) => {
      api.rpc.author
        .submitAndWatchExtrinsic(call, (status) => {
          statuses.push(status.type);
          if (status.isInvalid || status.isDropped) reject(new Error(`the transaction is ${status.type}`));
          if (status.isFinalized) resolve({ voter: voter.address, statuses, block: status.asFinalized.toHex() });
        })
        .catch(reject);
    });
  } finally {
    await api.disconnect();
  }
}

const options = Object.fromEntries(
  ['chain', 'polls', 'proposal', 'support', 'signer'].map((name) => [name, { type: 'string' }]),
);
try {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  console.log(JSON.stringify(await vote(positionals[0], values)));
} catch (error) {
  console.error(`sign-vote: ${error.message}`);
  process.exitCode = 1;
}
