/**
 * From text to token ids and back. {@link dev.attune.text.Tokenizer} wraps the Hugging Face Rust tokenizers, so ids are
 * those of Python by construction, for every tokenizer that has a {@code tokenizer.json}.
 *
 * <h2>What is read</h2>
 *
 * <p>{@code tokenizer.json} holds the whole pipeline (normalizer, pre-tokenizer, model, post-processor, decoder). Where
 * a BERT folder has only {@code vocab.txt}, {@link dev.attune.text.WordPiece} writes the missing file, {@link
 * dev.attune.text.ByteLevelBpe} does from GPT-2's {@code vocab.json} and {@code merges.txt}, and {@link
 * dev.attune.text.SentencePieceBpe} from a vocabulary of llama2.c. Names of special
 * tokens and {@code model_max_length} come from {@code tokenizer_config.json}, then {@code special_tokens_map.json},
 * then {@code tokenizer.json} itself.
 *
 * <p>A file that the Rust library gives up on ends the whole process, so {@code TokenizerCheck} looks at it first and refuses
 * what the library would not survive, with a sentence that says why.
 *
 * <h2>Truncation and padding</h2>
 *
 * <p>A {@code tokenizer.json} may carry truncation and padding settings of whoever saved it; they are dropped on
 * loading. The length is an argument of every call, {@link dev.attune.text.Encoding#truncated()} tells when it cut, and
 * the cut is the one Hugging Face makes: {@code longest_first} for examples, {@code only_second} with a stride for
 * windows over a long document. Nothing is ever padded.
 *
 * <h2>Offsets</h2>
 *
 * <p>The Rust library counts Unicode code points; {@link dev.attune.text.Encoding#offsets()} counts UTF-16 code units,
 * so {@code text.substring(start, end)} is always right, also behind an emoji.
 *
 * <pre>{@code
 * try (Tokenizer tokenizer = Tokenizer.load(Path.of("my-model"))) {
 *     Encoding encoding = tokenizer.encode("Who wrote it?", null, 128);
 *     String again = tokenizer.decode(encoding.ids(), true); // "who wrote it?"
 * }
 * }</pre>
 */
@NullMarked
package dev.attune.text;

import org.jspecify.annotations.NullMarked;
