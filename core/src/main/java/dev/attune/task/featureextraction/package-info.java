/**
 * Feature extraction: the hidden states of a model as numbers, one vector for each text or for each of its tokens, for search,
 * clustering and models of one's own. There is nothing to train. {@link
 * dev.attune.task.featureextraction.FeatureExtractionPipeline} answers, {@link dev.attune.task.featureextraction.Pooling} says
 * how the vectors of the tokens become one. Numbers are those of Hugging Face's pipeline of that name, and of
 * sentence-transformers where a text gets one vector.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.task.featureextraction;
