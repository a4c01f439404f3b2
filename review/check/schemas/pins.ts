import type { UpstreamPin } from '../../../constructs/kit/upstream';

/**
 * The patch release whose published OpenAPI document stands for each minor version of Kubernetes, and the document's
 * SHA-256, taken from the module zips of `k8s.io/kubernetes` in November 2026.
 */
const DOCUMENTS: Readonly<Record<number, readonly [version: string, sha256: string]>> = {
  11: ['1.11.10', '2b797890858da8ef02e4f87ad44be0b68721d646eb9ece565ee682b647e92a49'],
  18: ['1.18.20', 'c16b4744603a5a9941c6c656ffea9abe857f6b39b02d8620504530b7906d7838'],
  19: ['1.19.16', '657c689d4014c512baae14e02badb2b53743282b8ea163f0c499a4b622a07097'],
  20: ['1.20.15', 'c7354e6ab4034a89873229a9b7c1fa31fa6242b2e5f5a9b67c3be4fc67cb903c'],
  21: ['1.21.14', '4b6c95913802b556af16afe4c19a6f95f586fe1097464e22352da10f003e763c'],
  22: ['1.22.17', 'dcc9e2ef682e3d2461b79852fa880fb54abeac110adaade3b086d1339bb63921'],
  23: ['1.23.17', '8231e8a1a219f8edfa05845f8f0b82d9ada886e1f38170adcfd91cc2632597e1'],
  24: ['1.24.17', '389079bbbe9242f725d2bf7f3e685c340e870d973438fa3e7ce86e890054a3d6'],
  25: ['1.25.16', 'd4450a999e2fde133faa3bae137c3090bec4dc9fbaadacfa385b0307bf551b72'],
  26: ['1.26.15', '90ad850630542abe8ced2000669ed5472bbcb7e16d4c8cf803a922453b24565f'],
  27: ['1.27.16', '2ff17583954f409b1c1ed316144aa6666a2a75f9de0742df05bb66723b0d1b91'],
  28: ['1.28.15', '44ff3c98bb011964585019e1765b0c09ee65d503e4c35cbda355df6a02486c86'],
  29: ['1.29.15', '86672d934e8b8b4c494aa06e665373cd13fa2a8d39ce36abd7588b2c77c92caa'],
  30: ['1.30.14', '137f22097f146caa3150deda2eccceec1ecd0b628054d1887bf55f93e715c7cb'],
  31: ['1.31.14', 'ddcb3d5c3d85849f1fadb56387d3a7bf44712da291e5bd08b34df4e8a4247f8d'],
  32: ['1.32.13', '2335b4e7f79df85b20066164b14d8f02dd077dee7cd8c7b7fb425009c9837e85'],
  33: ['1.33.13', '2af5abf98554af1599e516f31f7f1698085e6faa12b816401f569c097b9f7ef6'],
  34: ['1.34.4', 'd3b0cdc2fda15c753206d25ab459dc7c12df64e2fd652b6809687471ea751c37'],
  35: ['1.35.4', '483500149ee52ce5753d75f5639101d985bb4f5e902cc05b1ba7627465d62446'],
  36: ['1.36.3', 'dcede2063da1d7ad62ecb5af8adb6d7fabd0b52385a7fa0048afb491dac90450'],
};

/** The OpenAPI document of a minor version of Kubernetes 1. Throws an Error for a minor that no target has. */
export function schemaPin(minor: number): UpstreamPin {
  const [version, sha256] = DOCUMENTS[minor] ?? [];
  if (version === undefined || sha256 === undefined)
    throw new Error(`no OpenAPI document is pinned for Kubernetes 1.${minor}`);
  const file = 'api/openapi-spec/swagger.json';
  return {
    name: 'kubernetes-openapi',
    version: `v${version}`,
    url: `https://raw.githubusercontent.com/kubernetes/kubernetes/v${version}/${file}`,
    goModule: { path: 'k8s.io/kubernetes', version: `v${version}`, file },
    sha256,
  };
}
