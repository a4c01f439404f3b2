import { checksumIn } from '../../upstream/checksum';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

test('finds a file in a list of checksums', () => {
  const list = `${A}  etcd-linux-arm64.tar.gz\n${B}  etcd-linux-amd64.tar.gz\n`;
  expect(checksumIn(list, 'etcd-linux-amd64.tar.gz')).toBe(B);
});

test('reads a checksum that stands alone, as Kubernetes publishes it', () => {
  expect(checksumIn(A, 'kube-apiserver')).toBe(A);
});

test('reads binary marks, folders and capital letters', () => {
  expect(checksumIn(`${A.toUpperCase()} *dist/kwok`, 'kwok')).toBe(A);
});

test('finds nothing for a file that is not listed, and nothing in a page that is no list', () => {
  expect(checksumIn(`${A}  kwokctl`, 'kwok')).toBeUndefined();
  expect(checksumIn('<html>not found</html>', 'kwok')).toBeUndefined();
});
