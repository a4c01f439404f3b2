import { execa } from 'execa';

import { exportPanels } from '../../../constructs/cvmfs/export-dashboard';
import { describeWith } from '../../parts/need';
import { untold } from '../../support/asked-series';
import { until } from '../support/processes';
import { TIER_PARTS, tierParts } from './support/parts';
import { Tier } from './support/tier';

const COUNTER = 'beamline_cvmfs_nfs_calls_total';

describeWith([...TIER_PARTS, 'libnfs'], 'the calls of a real server', (pathOf) => {
  let tier: Tier;
  afterEach(() => tier.stop());

  test('are counted where Prometheus reads them, each once', async () => {
    tier = new Tier(
      {
        replicas: 1,
        tree: { small: 40, large: 0 },
        maps: 'shared',
        // The supervisor's own calls are counted as well: none is due while the test counts.
        timing: { checkIntervalSeconds: 600 },
      },
      tierParts(pathOf),
    );
    const [replica] = tier.replicas;
    await replica?.start();
    const calls = async (): Promise<number> => {
      const found = new RegExp(`^${COUNTER} ([\\d.e+]+)$`, 'm').exec(
        (await replica?.metrics()) ?? '',
      );
      return Number(found?.[1]);
    };
    const before = await calls();
    expect(before).toBeGreaterThan(0); // the supervisor's, when it waited for the server
    expect(before).toBeLessThan(100);

    const lookAt = async (): Promise<number> => {
      const from = await calls();
      const url = `nfs://${replica?.address}${tier.settings.mount}?version=4&nfsport=${tier.settings.ports.nfs}`;
      await execa('nfs-ls', ['-R', url]);
      return (await calls()) - from;
    };
    const first = await lookAt();
    // At least one for each file's attributes or directory, and not a count of bytes or of anything else.
    expect(first).toBeGreaterThan(3);
    expect(first).toBeLessThan(1000);

    const reader = await tier.read('open', { address: replica?.address ?? '' });
    await until(async () => (await calls()) > before + first + 500, 'reading does not count');
    const { errors } = await reader.stop();
    expect(errors).toBe(0);

    // The page about the tier asks for what the server tells; the nodes tell how full claims are.
    const told = (await replica?.metrics()) ?? '';
    const asked = exportPanels('ns').flatMap(({ queries }) => queries.map(({ expr }) => expr));
    const own = asked.filter((expr) => !expr.includes('kubelet_'));
    expect(own.length).toBeGreaterThan(1);
    expect(own.flatMap((expr) => untold(expr, told))).toEqual([]);
  }, 60_000);
});
