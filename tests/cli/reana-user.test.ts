import { reanaUser, type ReanaUserOptions } from '../../cli/reana-user';
import { silentReport } from '../../upstream/progress';
import { messageOf } from '../support/message';

const context = { report: silentReport, signal: new AbortController().signal };
const ada = 'ada@example.org';

test.each<[string, ReanaUserOptions, string]>([
  [
    'no address',
    { action: 'add' },
    "'beamline reana user add' needs the address of a user, got ''; 'list' shows those there are",
  ],
  [
    'what is no address',
    { action: 'token', email: 'ada' },
    "'beamline reana user token' needs the address of a user, got 'ada'",
  ],
  [
    'another action',
    { action: 'remove', email: ada },
    "'beamline reana user' can add, list, token, quota, not 'remove'",
  ],
  [
    'a limit that is no number',
    { action: 'quota', email: ada, cpuHours: 'many' },
    "user 'ada@example.org': --cpu-hours must be a number from 0, which is any, got 'many'",
  ],
  [
    'a limit below 0',
    { action: 'quota', email: ada, diskGib: '-1' },
    "user 'ada@example.org': --disk-gib must be a number from 0, which is any, got '-1'",
  ],
  [
    'to show what is revoked',
    { action: 'token', email: ada, revoke: true, show: true },
    "user 'ada@example.org': --revoke leaves no token to show, replace or keep; give it alone",
  ],
  [
    'a token of who is only made',
    { action: 'add', email: ada, show: true },
    "'beamline reana user add' takes no such option: --show is for 'token'",
  ],
  [
    'limits of a token',
    { action: 'token', email: ada, cpuHours: '1', diskGib: '2' },
    "'beamline reana user token' takes no such option: --cpu-hours is for 'quota', --disk-gib is for 'quota'",
  ],
  [
    'a name that no Secret can have',
    { action: 'token', email: ada, secret: 'A B' },
    "--secret must be the name of a Secret in REANA's namespace, got 'A B'",
  ],
])('refuses %s before anything is asked', async (_, options, message) => {
  expect(await messageOf(reanaUser('dev', options, context))).toContain(message);
});
