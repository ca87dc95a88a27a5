// The two issuers beside the demo server: `cargo xtask serve` starts this with the origin of the server. It prints the
// settings of the server as one line of JSON, and ends with the process that started it.
import { openBoth, settingsFor } from './beside.ts';
import { googleAccount } from './google.ts';
import { AADSTS, microsoftAccount } from './microsoft.ts';

/** People of the demo, and one whom it does not know. */
const PEOPLE = [
  'manager@bellerive.example',
  'contenu@montclair.example',
  'secure@bellerive.example',
  'invited@bellerive.example',
  'nobody@elsewhere.example',
];

/** Somebody whose IT department has to approve the program first. */
const BLOCKED = { address: 'blocked@strict.example', obstacle: AADSTS.administratorMustApprove };

const [origin = ''] = process.argv.slice(2);
const both = await openBoth(origin);
for (const email of PEOPLE) {
  both.google.offers(googleAccount({ email }));
  both.microsoft.offers(microsoftAccount({ address: email }));
}
both.microsoft.offers(microsoftAccount(BLOCKED));
console.log(JSON.stringify(settingsFor(both)));

const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit();
}, 1000);
