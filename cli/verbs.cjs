// The verbs, each loaded when it is asked for: every command would wait for the code of all the others. JavaScript, because
// in TypeScript only `import()` loads later, and that goes to Node's loader for modules, which does not know our files.
module.exports = {
  get admit() {
    return require('./admit').admit;
  },
  get admitLines() {
    return require('./admit').admitLines;
  },
  get capacity() {
    return require('./capacity').capacity;
  },
  get changed() {
    return require('./changed').changed;
  },
  get check() {
    return require('./check').check;
  },
  get cluster() {
    return require('./cluster').cluster;
  },
  get down() {
    return require('./deploy').down;
  },
  get refresh() {
    return require('./deploy').refresh;
  },
  get up() {
    return require('./deploy').up;
  },
  get docs() {
    return require('./docs').docs;
  },
  get doctor() {
    return require('./doctor').doctor;
  },
  get drift() {
    return require('./drift').drift;
  },
  get graph() {
    return require('./graph').graph;
  },
  get grant() {
    return require('./grant').grant;
  },
  get identity() {
    return require('./identity').identity;
  },
  get listImages() {
    return require('./images').listImages;
  },
  get lockImages() {
    return require('./images').lockImages;
  },
  get mirrorImages() {
    return require('./images').mirrorImages;
  },
  get migrate() {
    return require('./migrate').migrate;
  },
  get newEnvironment() {
    return require('./new').newEnvironment;
  },
  get preview() {
    return require('./preview').preview;
  },
  get promote() {
    return require('./promote').promote;
  },
  get reanaUser() {
    return require('./reana-user').reanaUser;
  },
  get rehearse() {
    return require('./rehearse').rehearse;
  },
  get render() {
    return require('./render').render;
  },
  get start() {
    return require('./start').start;
  },
  get variables() {
    return require('./variables').variables;
  },
};
