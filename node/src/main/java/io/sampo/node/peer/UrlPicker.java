package io.sampo.node.peer;

import java.net.URI;
import java.util.List;

/**
 * The URL of a peer that is in use: the first one, until it fails, then the next, and around. For
 * any thread.
 */
public final class UrlPicker {
  private List<URI> urls;
  private int picked;

  /**
   * @param urls at least one
   */
  public UrlPicker(List<URI> urls) {
    update(urls);
  }

  public synchronized void update(List<URI> newUrls) {
    if (newUrls.isEmpty()) {
      throw new IllegalArgumentException("a peer without URLs");
    }
    urls = List.copyOf(newUrls);
    picked = 0;
  }

  public synchronized int size() {
    return urls.size();
  }

  public synchronized URI pick() {
    return urls.get(picked);
  }

  /** Something at this URL failed; if it is still the one in use, the next is. */
  public synchronized void failed(URI url) {
    if (url.equals(urls.get(picked))) {
      picked = (picked + 1) % urls.size();
    }
  }
}
