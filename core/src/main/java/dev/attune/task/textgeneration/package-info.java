/**
 * Text generation: a text goes on. {@link dev.attune.task.textgeneration.TextGenerationPipeline} answers as the pipeline of Hugging
 * Face transformers does. A model is trained for it on plain texts, or on prompts and what is to be written after them; each
 * token guesses the next one. Radford et al. 2019, <a
 * href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">GPT-2</a>.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.task.textgeneration;
