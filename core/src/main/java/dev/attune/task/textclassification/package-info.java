/**
 * Text classification: a text, or a pair of texts, gets one label, any number of labels, or a number. {@link
 * dev.attune.task.textclassification.TextColumns} finds the columns, {@link dev.attune.task.textclassification.Labels} says
 * what the label column means, {@link dev.attune.task.textclassification.TextClassificationTask} has loss and metrics,
 * {@link dev.attune.task.textclassification.TextClassificationPipeline} the answers. Head, loss and metric are those of
 * {@code …ForSequenceClassification} in Hugging Face transformers.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.task.textclassification;
