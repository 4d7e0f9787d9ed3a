// Agreement of clusters with the true kinds, computed independently of the program.

const counted = (values) => values.reduce((counts, value) => counts.set(value, (counts.get(value) ?? 0) + 1), new Map());

function entropy(values) {
  return [...counted(values).values()].reduce((sum, count) => {
    const share = count / values.length;
    return sum - share * Math.log(share);
  }, 0);
}

/** Normalised mutual information (arithmetic mean) of two labellings of the same items, 0 to 1. */
export function nmi(one, other) {
  const [first, second] = [entropy(one), entropy(other)];
  const joint = entropy(one.map((label, index) => JSON.stringify([label, other[index]])));
  return first + second === 0 ? 1 : (2 * (first + second - joint)) / (first + second);
}

/** An image's true kind: `cat` for `samples/cat/cat-01.jpg` and `samples/cat-01.jpg`, the folder for a photograph. */
export const kindOf = (path) => path.match(/([^/]+)-\d+\.[a-z]+$/)?.[1] ?? path.split('/').at(-2);

/** NMI of a result with the images' true kinds, which `kind` returns for a path. */
export const nmiWithKinds = ({ items }, kind = kindOf) => (
  nmi(items.map(({ path }) => kind(path)), items.map(({ cluster }) => cluster))
);
