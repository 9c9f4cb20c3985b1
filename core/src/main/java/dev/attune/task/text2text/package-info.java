/**
 * Text-to-text generation: a text is read, and another one is written about it: a summary, a translation, an answer. {@link
 * dev.attune.task.text2text.Text2TextPipeline} answers as the pipelines {@code text2text-generation}, {@code summarization} and
 * {@code translation} of Hugging Face transformers did, before its version 5 left them out. A model is trained for it on pairs of
 * texts: it guesses each token of the second one, having read the first and what stands before the token. Raffel et al. 2019, <a
 * href="https://arxiv.org/abs/1910.10683">T5</a>; Lewis et al. 2019, <a href="https://arxiv.org/abs/1910.13461">BART</a>.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.task.text2text;
