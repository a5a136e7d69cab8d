package io.sampo.node.member;

import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.protocol.error.EtcdError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/** Members as they are when they are added: their id tells where they are and when that was. */
public final class NewMembers implements MemberFactory {
  private static final long MILLIS_PER_SECOND = 1_000;

  private final LongSupplier currentMillis;

  public NewMembers(LongSupplier currentMillis) {
    this.currentMillis = currentMillis;
  }

  @Override
  public ClusterMember member(List<String> peerUrls, boolean learner) {
    List<EtcdUrl> urls = parse(peerUrls);
    long seconds = Math.floorDiv(currentMillis.getAsLong(), MILLIS_PER_SECOND);
    List<String> texts = urls.stream().map(EtcdUrl::text).toList();
    return new ClusterMember(
        MemberIds.compute(texts, Long.toString(seconds)), texts, learner, "", List.of());
  }

  @Override
  public void checkUrls(List<String> peerUrls) {
    parse(peerUrls);
  }

  private static List<EtcdUrl> parse(List<String> peerUrls) {
    List<EtcdUrl> urls = new ArrayList<>();
    try {
      for (String url : peerUrls) {
        urls.add(EtcdUrl.parse(url));
      }
    } catch (SyntaxException noUrl) {
      throw EtcdError.MEMBER_BAD_URLS.exception();
    }
    if (urls.isEmpty()) {
      throw EtcdError.MEMBER_BAD_URLS.exception();
    }
    urls.sort(Comparator.comparing(EtcdUrl::text));
    return urls;
  }
}
