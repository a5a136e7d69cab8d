package io.sampo.node.member;

import io.sampo.node.state.membership.ClusterMember;
import java.util.List;

/** Makes members out of what clients say. */
public interface MemberFactory {
  /**
   * A member with the id that etcd would give it now, and its URLs sorted.
   *
   * @throws io.sampo.protocol.error.EtcdException if one of the URLs is none, or there are none
   */
  ClusterMember member(List<String> peerUrls, boolean learner);

  /**
   * Only looks at the URLs.
   *
   * @throws io.sampo.protocol.error.EtcdException likewise
   */
  void checkUrls(List<String> peerUrls);
}
