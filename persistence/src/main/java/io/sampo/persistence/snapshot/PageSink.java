package io.sampo.persistence.snapshot;

/** Where finished pages go, in the order of their ids. */
interface PageSink {
  /**
   * Takes the page as the next of the file; the node may be changed afterwards.
   *
   * @param elementFlags flags of every leaf element: 0, or {@link BboltFormat#BUCKET_ELEMENT_FLAG}
   * @return the id the page got
   */
  long write(PageNode node, int elementFlags);
}
