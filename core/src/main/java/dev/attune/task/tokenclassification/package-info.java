/**
 * Token classification: each word of a text gets a tag, and tags that belong together make an entity: the name of a person, of
 * a place. {@link dev.attune.task.tokenclassification.TokenClassificationPipeline} answers as the pipeline of Hugging Face
 * transformers does; training and metrics are those of its example script {@code run_ner}.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.task.tokenclassification;
