/**
 * Texts that come out of a model, token by token.
 *
 * <p>A model gives a score to every token that could come next. What becomes of the scores is decided here, by a {@link
 * dev.attune.generate.GenerationConfig}:
 *
 * <ul>
 *   <li><b>greedy search</b>, the default, takes the likeliest token, again and again;
 *   <li><b>sampling</b> ({@code do_sample}) draws a token by its probability, after {@code temperature}, {@code top_k}, {@code
 *       top_p} and their kin have bent the probabilities;
 *   <li><b>beam search</b> ({@code num_beams} above 1) follows several beginnings at a time, goes on with those whose tokens are
 *       likeliest together, and answers with the best texts that ended;
 *   <li><b>beam sampling</b> (both) draws what the beams go on with.
 * </ul>
 *
 * <p>Before a token is chosen, its scores may be processed: tokens that would repeat something are banned or made less likely,
 * texts that are too short may not end, some places are reserved for certain tokens. The order of these processors is that of the
 * reference, and so are their numbers; a processor works on the scores of one text, in place, where minus infinity is a token that
 * must not come.
 *
 * <p>A text ends with one of the tokens that end a text ({@code eos_token_id}, one or several), at its maximum length, when a stop
 * string came out, or when the time is over: {@link dev.attune.generate.FinishReason} tells. {@code max_new_tokens} counts what
 * comes out, {@code max_length} the prompt of a decoder too; if neither is given, 20 tokens come out, and never more than the model
 * has positions for. Prompts of one batch may have different lengths; nothing is padded, and each is treated as if it were alone.
 *
 * <p>Models are seen through {@link dev.attune.generate.Continuation} only. It is asked once for the scores after the prompts, and
 * then told, step by step, which of its rows go on with which tokens: a finished text is no longer named, a beam that splits is
 * named twice. Nothing here knows of caches, and no model knows of beams. Every step has a scope of its own.
 *
 * <h2>What differs from the reference</h2>
 *
 * <ul>
 *   <li>Draws come from a generator that counts ({@link dev.attune.tensor.SplitMix64}), not from PyTorch's: the probabilities are
 *       the same, the texts are not. A text depends on the seed and the number of its prompt, not on what else is in the batch.
 *   <li>{@code max_length} that is asked for wins over {@code max_new_tokens} of the model's file, and {@code min_length} likewise.
 *   <li>{@code exponential_decay_length_penalty} leaves a banned end banned; the reference makes NaN of it, which then wins.
 *   <li>{@code encoder_repetition_penalty} is in force for all beams; the reference applies it to the first rows of the batch.
 *   <li>Keys without effect are refused ({@code temperature} without {@code do_sample}); so is a text for which every token is
 *       banned, where the reference takes token 0.
 *   <li>{@code bad_words} takes texts; {@code bad_words_ids} and {@code sequence_bias} are read from the model's file.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package dev.attune.generate;
