// The ViT of packages/model, written with TensorFlow.js's own operations.

const epsilon = 1e-6;
const patchSize = 16;

/** Heads and depth by architecture. */
const shapes = {
  vit_tiny_patch16_224: { heads: 3, depth: 12 },
  vit_small_patch16_224: { heads: 6, depth: 12 },
  vit_base_patch16_224: { heads: 12, depth: 12 },
};

/** images [B,S,S,3] -> logits; `weight` gives the variables by timm's names, matrices as [in, out]. */
export function visionTransformer(tf, weight, id) {
  const shape = shapes[id];
  if (shape === undefined) throw new RangeError(`no ${id} here; known: ${Object.keys(shapes).join(", ")}`);
  const { heads, depth } = shape;

  const linear = (x, name) => tf.add(tf.matMul(x, weight(`${name}.weight`)), weight(`${name}.bias`));

  const layerNorm = (x, name) => {
    const { mean, variance } = tf.moments(x, -1, true);
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
    return tf.add(tf.mul(normal, weight(`${name}.weight`)), weight(`${name}.bias`));
  };

  const gelu = (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));

  const attention = (x, name, batch) => {
    const [rows, width] = x.shape;
    const tokens = rows / batch;
    const split = tf.split(linear(x, `${name}.qkv`), 3, 1);
    const [q, k, v] = split.map((part) =>
      tf.transpose(tf.reshape(part, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]),
    );
    const scores = tf.matMul(tf.mul(q, (width / heads) ** -0.5), k, false, true);
    const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
    return linear(tf.reshape(mixed, [rows, width]), `${name}.proj`);
  };

  const block = (x, name, batch) => {
    const attended = tf.add(x, attention(layerNorm(x, `${name}.norm1`), `${name}.attn`, batch));
    const hidden = gelu(linear(layerNorm(attended, `${name}.norm2`), `${name}.mlp.fc1`));
    return tf.add(attended, linear(hidden, `${name}.mlp.fc2`));
  };

  /** A product of patches instead of a convolution, whose filter TensorFlow.js's WebAssembly backend cannot differentiate. */
  const embed = (images) => {
    const [batch, size] = images.shape;
    const side = size / patchSize;
    const cut = tf.reshape(images, [batch, side, patchSize, side, patchSize * 3]);
    const patches = tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4]), [batch * side * side, patchSize ** 2 * 3]);
    const filter = weight("patch_embed.proj.weight");
    const width = filter.shape[3];
    const embedded = tf.add(
      tf.matMul(patches, tf.reshape(filter, [patchSize ** 2 * 3, width])),
      weight("patch_embed.proj.bias"),
    );
    return tf.reshape(embedded, [batch, side * side, width]);
  };

  return (images) => {
    const [batch] = images.shape;
    let x = embed(images);
    const [, patches, width] = x.shape;
    x = tf.add(tf.concat([tf.tile(weight("cls_token"), [batch, 1, 1]), x], 1), weight("pos_embed"));
    x = tf.reshape(x, [batch * (patches + 1), width]);
    for (let index = 0; index < depth; index++) x = block(x, `blocks.${index}`, batch);
    const classToken = tf.slice(tf.reshape(x, [batch, patches + 1, width]), [0, 0, 0], [batch, 1, width]);
    return linear(layerNorm(tf.reshape(classToken, [batch, width]), "norm"), "head");
  };
}
