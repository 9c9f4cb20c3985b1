/**
 * Fill-mask: which words may stand where a text has a mask. {@link dev.attune.task.fillmask.FillMaskPipeline} answers as the
 * pipeline of Hugging Face transformers does. A model is trained for it on plain texts, which have no labels:
 * {@code Masking} hides some of their tokens, others in every epoch, and the model guesses them. Devlin et
 * al. 2018, <a href="https://arxiv.org/abs/1810.04805">BERT</a>, section 3.1; the numbers are those of {@code
 * DataCollatorForLanguageModeling}.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.task.fillmask;
