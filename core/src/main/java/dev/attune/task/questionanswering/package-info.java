/**
 * Extractive question answering: which part of a text answers a question, or that none does. {@link
 * dev.attune.task.questionanswering.QuestionAnsweringPipeline} answers as the pipeline of Hugging Face transformers 4 did.
 * Long texts are read in windows that overlap; {@code Windows} cuts and labels them, {@code BestAnswers} finds the answers of
 * an evaluation as {@code postprocess_qa_predictions} does, and {@code AnswerMetrics} compares them as the scripts of <a
 * href="https://rajpurkar.github.io/SQuAD-explorer/">SQuAD</a> do. Devlin et al. 2018, <a
 * href="https://arxiv.org/abs/1810.04805">BERT</a>, sections 4.2 and 4.3.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.task.questionanswering;
