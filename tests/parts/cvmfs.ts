import { debianPackages } from './debian';
import { cProgram, ownGoProgram } from './own-programs';

const compiler = debianPackages(['gcc', 'libc6-dev', 'pkg-config'], '/usr/bin/gcc');
const pkgConfig = debianPackages(['pkg-config'], '/usr/bin/pkg-config');

/** What the trials of the CVMFS export tier run. */
export const CVMFS_PARTS = {
  ganesha: debianPackages(
    ['nfs-ganesha', 'nfs-ganesha-vfs'],
    `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/ganesha/libfsalvfs.so`,
  ),
  haproxy: debianPackages(['haproxy'], '/usr/sbin/haproxy'),
  libnfs: debianPackages(['libnfs-utils'], '/usr/bin/nfs-ls'),
  'cvmfs-export': ownGoProgram('images/cvmfs-export'),
  'cvmfs-guard': cProgram({
    source: 'images/cvmfs-export/preload/guard.c',
    libraries: [],
    needs: [compiler],
    shared: true,
  }),
  'nfs-reader': cProgram({
    source: 'tests/parts/c/nfs-reader.c',
    libraries: ['libnfs'],
    needs: [compiler, pkgConfig, debianPackages(['libnfs-dev'], '/usr/include/nfsc/libnfs.h')],
  }),
  mapfs: cProgram({
    source: 'tests/parts/c/mapfs.c',
    libraries: ['fuse3', 'sqlite3'],
    needs: [
      compiler,
      pkgConfig,
      debianPackages(['libfuse3-dev'], '/usr/include/fuse3/fuse_lowlevel.h'),
      debianPackages(['libsqlite3-dev'], '/usr/include/sqlite3.h'),
    ],
    device: '/dev/fuse',
  }),
} as const;
